export { buildFaces, type FacesBuild, type FacesOutcome, type FacesPlaces } from './build-faces.ts';
export { type BuiltFile, loadedWith, type Manifest } from './manifest.ts';
