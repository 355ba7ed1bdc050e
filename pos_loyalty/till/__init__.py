"""What a cashier can do: one function is one action is one transaction."""
