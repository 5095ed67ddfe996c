"""Pictures for chats: values in, PNG bytes out. Knows no chat, store or network; imports what is slow when it draws."""
