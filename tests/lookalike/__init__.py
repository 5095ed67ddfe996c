"""Pictures of what people see: HTML look-alikes of Telegram and Slack, drawn from what was really sent to them."""
