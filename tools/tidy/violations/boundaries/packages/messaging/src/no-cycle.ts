import './no-cycle-back.ts';
