console.log('placed');
