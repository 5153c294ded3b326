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

/* 0 up to `from`, 1 beyond `to`. */
static inline float rising(float value, float from, float to) {
    return fminf(fmaxf((value - from) / (to - from), 0), 1);
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
    float alike;       /* how much of the product has a colour that its ground or a shadow there might have */
    float doubt;       /* how much may belong to either, as a share of the product */
    float contrast;    /* how far the product lies from its ground, on average */
} ic_map;

ic_status ic_map_open(ic_map *map, const uint8_t *pixels, uint32_t width, uint32_t height);
void ic_map_close(ic_map *map);
/* The ground as the border foretells it. */
void ic_map_foretell(ic_map *map);
/* Marks the product's cells; gives back how sure that is. Below IC_SURE not all of it was looked at. */
ic_status ic_map_find(ic_map *map, float *certainty);
/* Marks the product's cells anew where cells that are not marked are surely ground: what hangs together goes to what it hangs
   together with. `unreached` is what a bolder flood left. */
ic_status ic_map_settle(ic_map *map, const uint8_t *unreached, float calm);
/* How much a fine line stands out that goes through a cell: the outline of glass, a thread, a white thing on white. A shadow has none. */
float ic_map_line(const ic_map *map, uint32_t x, uint32_t y);
/* How calm the ground is, along the border. The more of it is reached, the less sure that can become. */
float ic_map_judge_ground(const ic_map *map);
/* How sure the marks are: of a border of calm ground that is not dark, a product that is neither speck nor everything, an edge that can
   be seen all around, and nothing that may belong to either. */
float ic_map_judge(const ic_map *map);
/* Gives each cell all bits of the marks within reach, along rows first and then down; `room` holds as many marks. */
void ic_map_widen(uint8_t *marks, uint8_t *room, uint32_t width, uint32_t height, uint32_t reach);
/* Spreads what is known into the cells that know nothing: three values a cell, `known` says which. */
ic_status ic_map_fill(float *values, const uint8_t *known, uint32_t width, uint32_t height);

#endif
