"""The commands of this repository; their Python parts are in `script.support`."""
