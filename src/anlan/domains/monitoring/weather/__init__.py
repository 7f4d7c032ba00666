"""Hourly weather of counties, from stations, forecasts or a stated rule."""
