import 'dataloader';
