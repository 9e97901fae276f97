import '@fastify/swagger';
