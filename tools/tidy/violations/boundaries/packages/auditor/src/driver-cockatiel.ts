import 'cockatiel';
