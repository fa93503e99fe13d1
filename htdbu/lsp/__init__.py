"""The language server: what an editor shows of a rule file while it is written (`htdbu lsp`, extra `[lsp]`)."""
