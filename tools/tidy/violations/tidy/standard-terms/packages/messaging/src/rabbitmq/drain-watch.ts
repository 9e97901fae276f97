export const watermark = 0;
