export enum Status {
  Pending,
}
