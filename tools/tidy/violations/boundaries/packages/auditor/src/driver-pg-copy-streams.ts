import 'pg-copy-streams';
