#pragma once
#include "frame.h"
#include <stddef.h>

#define PAD 20        /* coefficients beyond each edge: four taps, and the last cell of a mesh that is wider than its frame */
#define CELL 16       /* pixels between two nodes of the mesh */
#define EIGHT 8         /* cells of a row are computed by eights, and a row of them is as many */
#define TILE 32         /* columns of a frame that hold some of a product, or none */
#define GRAIN_ROWS 256
#define DITHER_SIDE 64
#define PLACES 1024   /* places between two pixels that are told apart */

/* What a coefficient means: `step` of 128ths of a unit of light or colour, around a middle. */
typedef struct { int16_t step, middle; } frame_range;

/* One channel as cubic B-spline coefficients, with PAD mirrored ones around. */
typedef struct {
    int8_t *memory;
    int8_t *first;      /* the coefficient of the pixel at the top left */
    int width, height;
    ptrdiff_t stride;
    frame_range range;
} frame_plane;

/* Sixteen pixels of every row: from where in a row of coefficients, in which order, how much of each; of each pixel the first two
   and the last two. */
typedef struct {
    _Alignas(32) uint8_t taps[2][32];
    uint8_t order[2][32];   /* behind `at` */
    int32_t at[2];          /* of the first eight and of the others */
} frame_block;

/* Where the pixels of a row are sampled along one axis: eight after each other in a straight line. */
typedef struct {
    int32_t *place;         /* of the first of them, PLACES to a pixel */
    int16_t *step;          /* from one to the next, 16384 to a pixel */
    int32_t *least, *most;  /* the pixels of the picture between which sixteen of them lie */
} frame_ramps;

/* A plane whose rows are resampled across and wait to be summed down; of a layer that is straight they are twice what they are
   else. Of its rows, the last few are kept. */
typedef struct {
    const frame_plane *plane;
    int16_t *memory;
    ptrdiff_t pitch;
    int room;               /* for how many rows there is memory: a power of two */
    int mask;               /* the rows that are kept, a power of two, less one */
    int next;               /* the first row that is not there yet */
} frame_sheet;

/* Light along rows, 16384 to one. */
typedef struct {
    const float *gain;      /* of the nodes, row by row */
    int cell;               /* of which row of cells both ends are known */
    int16_t *top, *low;     /* the ends */
    int16_t *row;           /* what lies between them at one row */
} frame_lamp;

/* The way along one axis of a plane that is looked at straight: the place of the first pixel, and from each to the next. */
typedef struct { double first, step; } frame_way;

enum { LUMA, BLUE, RED, ECHO, SHARE, PLANES };

/* What moves as one: the whole picture or its ground, and the product that stands before it. */
typedef struct {
    frame_plane planes[PLANES];     /* 32 units to an eight-bit step, the colours at half the size. ECHO: how much coloured light a
                                       place throws back, 4096 to one, only where there is some. SHARE: how much of the ground a
                                       product hides, 8192 to one */
    frame_sheet sheets[PLANES];
    frame_lamp light, half_light;   /* of luma, and of the colours */
    frame_block *blocks, *half_blocks;
    float *u, *v, *grow;            /* at each column of nodes: the column of the picture, the row of it at the frame's top, and how many more a row of the frame is */
    int is_straight;                /* whether rows stay rows */
    frame_way rows;                 /* of luma, where they do */
} frame_layer;

/* Where there is any of a product, CELL rows at a time: of the picture, how many cells of the map up to a column hold some; of
   the frame, by tiles, which rows of the picture are sampled, and where it is laid over the ground. */
typedef struct {
    uint16_t *held;
    uint8_t *sampled, *covered;
    int count;              /* of tiles in a row */
} frame_tiles;

/* The light of the mesh's nodes, row by row; of the lines each has room for one row or one column of them. */
typedef struct {
    float *gain, *open_gain;        /* of the ground, and of what no shadow falls on */
    float *cb, *cr;                 /* tint */
    float *bells, *line;
} frame_mesh;

/* One row of a product, made ready to be laid over its ground. */
typedef struct {
    int16_t *sums, *share;
} frame_cover;

/* What is computed of the rows that are rendered, each array as wide as the mesh. */
typedef struct {
    int16_t *full, *even;           /* what doubles, and what keeps, where no light falls on a sheet */
    int16_t *tints[2];
    frame_ramps ramps;
    frame_cover covers[2];          /* of two rows of light */
    int16_t *colours[2], *echo, *half_share;
} frame_rows;

struct frame_scene {
    int width, height;
    frame_layer ground, product;    /* the second only where they move apart */
    int is_apart, is_tinted;
    int map_width, map_height;      /* of coarse maps: how many cells of a few pixels */
    frame_subject subject;
    frame_tiles tiles;
    int8_t *grain;          /* GRAIN_ROWS rows of width + GRAIN_ROWS */
    int16_t *dither;        /* black and its dither, 16 to an eight-bit step: DITHER_SIDE each way, and a row for the colours, which have none */
    int nodes_x, nodes_y;
    frame_mesh mesh;
    frame_rows rows;
    void *row_memory;
};

/* A graded picture before it is made ready to be sampled. */
typedef struct {
    float *luma;                    /* width by height */
    float *blue, *red, *echo;       /* half of that each way; no echo where no light is coloured */
} frame_graded;

/* Makes the picture that the product stands before, of the size of the source's: the source itself far from the product, and what
   surrounds the product where it is. Fills what the tiles hold. 0 when there is no memory. */
int frame_make_ground(frame_scene *scene, const frame_source *source, uint8_t *ground);
int frame_grade_picture(frame_scene *scene, const uint8_t *rgba, const uint8_t *matte, const frame_grade *grade, const frame_graded *picture);
/* Turns values into coefficients, `scale` units to one; the values are used up. 0 when there is no memory. */
int frame_plane_make(frame_plane *plane, float *values, int width, int height, float scale, frame_range range);
void frame_blur(float *map, float *spare, int width, int height, int radius);
/* Where the camera's ray through a place of the frame meets the picture, or its ground. */
void frame_place_at(const frame_scene *scene, const frame_moment *moment, float x, float y, float *u, float *v);
/* Lights the nodes of the mesh, and places the layers. */
void frame_mesh_fill(frame_scene *scene, const frame_moment *moment);

/* Makes of a loop over floats, `name_any`, a function that has it twice: for any processor, and for one with AVX2, where the same
   sums go eight at a time. */
#if defined(__x86_64__)
#define FRAME_TWICE(name, parameters, arguments) \
    __attribute__((target("avx2"))) static void name##_wide parameters { name##_any arguments; } \
    static void name parameters { if (__builtin_cpu_supports("avx2")) name##_wide arguments; else name##_any arguments; }
#else
#define FRAME_TWICE(name, parameters, arguments) static void name parameters { name##_any arguments; }
#endif
#define FRAME_ANY static inline __attribute__((always_inline)) void

static inline float frame_clamp(float x, float low, float high) { return x < low ? low : x > high ? high : x; }
static inline float frame_smooth(float low, float high, float x) {
    float t = frame_clamp((x - low) / (high - low), 0, 1);
    return t * t * (3 - 2 * t);
}
/* A map's value at a place given in cells, bilinear, its edge continued. */
static inline float frame_map_at(const float *map, int width, int height, float x, float y) {
    x = frame_clamp(x, 0, (float)(width - 1));
    y = frame_clamp(y, 0, (float)(height - 1));
    int x0 = (int)x, y0 = (int)y;
    int x1 = x0 + 1 < width ? x0 + 1 : x0, y1 = y0 + 1 < height ? y0 + 1 : y0;
    float fx = x - (float)x0, fy = y - (float)y0;
    const float *a = map + (size_t)y0 * (size_t)width, *b = map + (size_t)y1 * (size_t)width;
    float top = a[x0] + (a[x1] - a[x0]) * fx, low = b[x0] + (b[x1] - b[x0]) * fx;
    return top + (low - top) * fy;
}
