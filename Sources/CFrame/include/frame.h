// CFrame: the pixel loops of the local renderer.
// It opens no file, starts no thread and keeps nothing between scenes.
// VitrineVideo calls it, one thread at a time a scene; the Swift side checks every size before.
#pragma once
#include <stdint.h>

/* A picture made ready to be filmed: graded, in BT.709 YCbCr, as cubic B-spline coefficients. */
typedef struct frame_scene frame_scene;

/* The box of what stands in the picture, in fractions of it. */
typedef struct { float left, top, right, bottom; } frame_subject;

/* What a picture goes through before it is filmed. Colours are red, green, blue in 0 to 1, as encoded. */
typedef struct {
    float exposure;      /* multiplies */
    float contrast;      /* share of an S-curve; negative flattens */
    float lift, cap;     /* where black and white come to lie */
    float red, green, blue;
    float saturation;
    float shadows[3];    /* added where it is dark */
    float highlights[3]; /* added where it is light */
    float bloom;         /* how much of the blurred highlights is added */
    float backdrop;      /* multiplies what is far from the subject */
    float ground;        /* multiplies the ground behind the subject, everywhere */
    float share;         /* how much of all this reaches the subject */
} frame_grade;

/* A soft light, or a soft tint, of elliptic shape: place and radius in fractions of the frame. */
typedef struct {
    float x, y, radius_x, radius_y;
    float strength;
    float cb, cr;
} frame_glow;

/* Camera and light at one moment. Columns of the picture stay columns of the frame: the camera never rolls and never looks up. */
typedef struct {
    float zoom;               /* 1 shows the whole picture */
    float x, y;               /* where the camera looks, in fractions of the picture away from its middle */
    float yaw;                /* radians */
    float drift_x, drift_y;   /* the product against its ground, in fractions of the short side; the ground above and below it goes along to the side */
    float near;               /* how many times larger than its ground the product is seen, about the middle of its foot */
    float turn;               /* the product's near middle against its rim, in fractions of its half width */
    float swing;              /* the product as a card turned about its upright middle line, radians */
    float ambient;            /* multiplies everything */
    float vignette;           /* taken away in the corners */
    float gleam, gleam_position, gleam_angle, gleam_width;
    frame_glow key, left, right;
    frame_glow shadow;        /* strength is taken away, from the ground alone where the product stands apart */
    float grain;              /* in eight-bit steps */
    float bars;               /* black above and below, each a fraction of the height */
    uint32_t grain_seed;
} frame_moment;

/* What a scene is made of. */
typedef struct {
    const uint8_t *rgba;      /* opaque */
    const uint8_t *matte;     /* how much of each pixel is product, or NULL where nobody knows */
    int width, height;        /* both even, 32 to 8192 */
    frame_subject subject;
    int is_apart;             /* whether product and ground move apart, if there is a matte; else all is one picture */
    int is_tinted;            /* coloured light shows only in a scene made for it */
    uint64_t seed;
} frame_source;

/* NULL when there is no memory. */
frame_scene *frame_scene_make(const frame_source *source, const frame_grade *grade);
void frame_scene_free(frame_scene *scene);

/* Bytes of one yuv420p frame of the scene. */
long frame_bytes(const frame_scene *scene);

/* Writes one yuv420p frame, limited range, planes behind each other. */
void frame_render(frame_scene *scene, const frame_moment *moment, uint8_t *planes);

/* The same frame to the last bit, by kernels of no more than `most` pixels at once: 32 where the processor has AVX-512, 16 where it
   has AVX2, 1 on any. What the fast code is compared with. */
void frame_render_by(frame_scene *scene, const frame_moment *moment, uint8_t *planes, int most);

/* How many pixels the camera looks past the picture's edge at that moment; 0 when it stays inside. */
float frame_overrun(const frame_scene *scene, const frame_moment *moment);

/* The light and colour (Y, Cb, Cr in 0 to 1 and -0.5 to 0.5) of the graded picture at a place given in pixels. */
void frame_sample(const frame_scene *scene, float u, float v, float colour[3]);
