export enum Status {
  Pending = 0,
}
