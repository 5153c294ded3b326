#pragma once
#include "frame.h"
#include <stddef.h>

#define PAD 2         /* coefficients beyond each edge, for four taps */
#define CELL 16       /* pixels between two nodes of the mesh */
#define GRAIN_ROWS 256
#define DITHER_ROWS 64
#define PHASES 512    /* places between two pixels that are told apart */

/* One channel as cubic B-spline coefficients: whole numbers, 4096 to one, with PAD mirrored ones around. */
typedef struct {
    int16_t *memory;
    int16_t *first;     /* the coefficient of the pixel at the top left */
    int16_t *pairs;     /* there, each coefficient before the one below it: two rows in one read */
    int width, height;
    ptrdiff_t stride;
} frame_plane;

typedef struct {
    float u, v;         /* where to sample, in pixels of the picture */
    float gain;         /* light */
    float cb, cr;       /* tint */
} frame_node;

/* A moment with what its angles come to. */
typedef struct {
    const frame_moment *moment;
    int is_straight;
    float yaw_cosine, yaw_tangent, pitch_cosine, pitch_tangent;
    float along, aside;     /* the roll, divided by the zoom */
    float swing_cosine, lean;
    float gleam_x, gleam_y;
} frame_view;

/* What is computed of the rows that are rendered, each array as wide as the mesh. */
typedef struct {
    int16_t *top, *low;             /* the light at both ends of a row of cells, 16384 to one */
    int16_t *half_top, *half_low;   /* the same at the places of the colours */
    int32_t *u, *v, *du, *dv;       /* where the cells' first row is sampled, and the way to the next, 65536 to a pixel */
    int32_t *at, *half_at;          /* where the four taps of each pixel begin */
    int16_t *taps, *half_taps;      /* four for each pixel */
    int16_t *phase_u, *phase_v;
    int16_t *ring[4][4];            /* rows already resampled across, four of each plane */
    int16_t *light, *colour, *echo, *tints;
} frame_rows;

struct frame_scene {
    int width, height;
    frame_plane luma, blue, red;    /* the graded picture; the colours at half its size */
    frame_plane echo;               /* how much coloured light a place throws back; made only when there is some */
    int map_width, map_height;
    float *depth;           /* 1 on the subject, 0 on its ground, a wide slope between */
    frame_subject subject;
    int8_t *grain;          /* GRAIN_ROWS rows of width + GRAIN_ROWS */
    int16_t *dither;        /* DITHER_ROWS rows of width, 32 to an eight-bit step */
    int16_t taps[PHASES][4];
    int nodes_x, nodes_y;
    frame_node *mesh;
    frame_rows rows;
    void *row_memory;
};

/* A graded picture before it is made ready to be sampled. */
typedef struct {
    float *luma;                    /* width by height */
    float *blue, *red, *echo;       /* half of that each way */
} frame_graded;

/* Fills the scene's depth from a matte, which may be NULL. 0 when there is no memory. */
int frame_make_depth(frame_scene *scene, const uint8_t *matte);
int frame_grade_picture(frame_scene *scene, const uint8_t *rgba, const uint8_t *matte, const frame_grade *grade, const frame_graded *picture);
/* Turns values into coefficients; the values are used up. 0 when there is no memory. */
int frame_plane_make(frame_plane *plane, float *values, int width, int height);
void frame_blur(float *map, float *spare, int width, int height, int radius);
/* Where the camera's ray through a place of the frame meets the picture, and how lit it is there. */
frame_node frame_node_at(const frame_scene *scene, const frame_view *view, float x, float y);
frame_view frame_view_of(const frame_moment *moment);
/* Whether the camera looks straight at the picture, so that rows stay rows and columns stay columns. */
int frame_is_straight(const frame_moment *moment);

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
