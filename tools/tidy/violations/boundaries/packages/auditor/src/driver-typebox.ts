import 'typebox';
