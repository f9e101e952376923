"""The real peers of the interop tests: each module starts, speaks as, or looks into one of them."""
