/** The guide for shop owners, typed word by word in a copy of the repository, on an empty shop. */
import { followPages } from './_guide-terminal.ts';

followPages('a shop owner follows', ['docs/guides/import-a-catalogue.md']);
