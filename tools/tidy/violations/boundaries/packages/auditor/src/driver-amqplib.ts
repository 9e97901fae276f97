import 'amqplib';
