-- What Neovim 0.11 makes its client with.
return require('plasma').config()
