/* The map on which a product is told from its ground: cells of a few pixels, in OKLab, a hundred times. */
#ifndef VITRINE_CUTOUT_H
#define VITRINE_CUTOUT_H

#include "include/image_codec.h"

#include <math.h>

typedef struct lab {
    float l;
    float a;
    float b;
} lab;

/* How far two colours lie apart: two are a step that is just seen. */
static inline float apart(lab one, lab other) {
    float l = one.l - other.l, a = one.a - other.a, b = one.b - other.b;
    return sqrtf(0.7f * l * l + 3 * (a * a + b * b));
}

typedef struct ic_map {
    uint32_t width;
    uint32_t height;
    float *rgb;        /* three a cell, 0 to 255 */
    lab *colour;
    lab *ground;       /* what the ground would be there */
    float *edge;       /* how much the colour changes around the cell */
    uint8_t *is_product;
    uint8_t *mark;     /* room for one step */
    uint32_t *list;
    float noise;       /* how much the ground changes from cell to cell */
    float border;      /* the share of the border that is ground */
    float contrast;    /* how far the product lies from its ground, on average */
} ic_map;

ic_status ic_map_open(ic_map *map, const uint8_t *pixels, uint32_t width, uint32_t height);
void ic_map_close(ic_map *map);
/* The ground as the border foretells it. */
void ic_map_foretell(ic_map *map);
/* Marks the product's cells; gives back how sure that is. Below IC_SURE not all of it was looked at. */
ic_status ic_map_find(ic_map *map, float *certainty);
/* Gives each cell all bits of the marks within reach, along rows first and then down; `room` holds as many marks. */
void ic_map_widen(uint8_t *marks, uint8_t *room, uint32_t width, uint32_t height, uint32_t reach);
/* Spreads what is known into the cells that know nothing: three values a cell, `known` says which. */
ic_status ic_map_fill(float *values, const uint8_t *known, uint32_t width, uint32_t height);

#endif
