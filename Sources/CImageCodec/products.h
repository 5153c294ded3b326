/* How many things stand on a ground, apart from each other and of like size. */
#ifndef VITRINE_PRODUCTS_H
#define VITRINE_PRODUCTS_H

#include "cutout.h"

/* 0 where product and ground cannot be told apart. The smallest that counts is two fifths of the largest. Two are parts of one thing
   unless a straight line of ground lies between them: a chair whose seat is as white as the wall falls into its load and its legs.
   Uses up the map. */
ic_status ic_count_products(ic_map *map, uint32_t *products);

#endif
