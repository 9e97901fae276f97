export class Box {
  #content = 1;
}
