#pragma once
#include "frame.h"
#include <stddef.h>

#define PAD 2         /* coefficients beyond each edge, for four taps */
#define CELL 16       /* pixels between two nodes of the mesh */
#define GRAIN_ROWS 256
#define DITHER_ROWS 64

typedef float f4 __attribute__((vector_size(16)));

typedef struct {
    float u, v;         /* where to sample, in pixels of the picture */
    float gain;         /* light */
    float cb, cr;       /* tint */
} frame_node;

struct frame_scene {
    int width, height;
    int stride;             /* coefficients in a row: width + 2 PAD */
    f4 *coefficients;       /* Y, Cb, Cr of the graded picture, and how much of it is subject */
    int map_width, map_height;
    float *depth;           /* 1 on the subject, 0 on its ground, a wide slope between */
    frame_subject subject;
    int8_t *grain;          /* GRAIN_ROWS rows of width + GRAIN_ROWS */
    float *dither;          /* DITHER_ROWS rows of width */
    int nodes_x, nodes_y;
    frame_node *mesh;
    float *rows;            /* what is computed of two rows of pixels */
};

/* The ground of a picture as a smooth function of the place, and what is not ground. */
typedef struct {
    float terms[3][6];
    float *open;            /* 1 where the ground is open to the border and a little beyond, at the size of the map */
    float *sure;            /* 1 where it is open and nothing of the subject is near: what is darker there is shadow */
    float confidence;
} frame_ground;

/* Finds ground and subject; fills the scene's depth and subject. 0 when there is no memory. */
int frame_find_subject(frame_scene *scene, const uint8_t *rgb, frame_ground *ground);
void frame_ground_at(const frame_ground *ground, float x, float y, float colour[3]);
float frame_distance(const float a[3], const float b[3]);
/* The distance of a colour from a ground that may lie in shadow, at most so deep that `least` of its light is left. */
float frame_shaded_distance(const float colour[3], const float ground[3], float least);
int frame_grade_picture(frame_scene *scene, const uint8_t *rgb, const frame_ground *ground, const frame_grade *grade);
void frame_prefilter(frame_scene *scene);
void frame_blur(float *map, float *spare, int width, int height, int radius);

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
