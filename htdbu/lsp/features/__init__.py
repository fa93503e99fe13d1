"""What the server can do, one file each with a function `register`; a new file here is found by itself."""
