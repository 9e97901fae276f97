/** README and guides, typed word by word in a copy of the repository: what they say is what happens. */
import { followPages } from './_guide-terminal.ts';

followPages('a newcomer follows', ['README.md', 'docs/guides/first-hour.md', 'docs/guides/call-the-api.md']);
