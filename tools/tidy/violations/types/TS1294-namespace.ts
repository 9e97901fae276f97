export namespace orders {
  export const one = 1;
}
