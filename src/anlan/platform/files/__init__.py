"""Files that people bring or the system makes: kept by their content, at a place, never run or shown inline."""
