"""Answers to the ports: at most an embedded and a production one each."""
