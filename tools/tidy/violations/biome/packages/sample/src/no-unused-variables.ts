const forgotten = 1;

export const two = 2;
