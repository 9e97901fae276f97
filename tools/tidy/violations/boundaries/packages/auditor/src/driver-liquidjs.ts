import 'liquidjs';
