"""The five services; strangers to each other, they meet on RabbitMQ only."""
