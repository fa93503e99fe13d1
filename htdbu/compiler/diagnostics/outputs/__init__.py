"""The styles in which findings are written, one file each; a file defines `OUTPUT`."""
