"""The moderation server: NudeNet and, where weights are configured, BLIP, behind HTTP (PROTOCOL.md).

A program of its own, licensed AGPL-3.0 (LICENSE and NOTICE beside this file), that MuseNest only speaks to
over HTTP. One process serves HTTP and knows no model; `--workers` processes hold one model each and take
pictures from its one queue. So every core is busy whenever a picture waits, however few connections there
are, health answers at once, and no picture that breaks a decoder takes the server with it.
"""

VERSION = "0.1.0"
LICENSE = "AGPL-3.0-only"
SOURCE = "/source"  # where the running server hands out its own source
