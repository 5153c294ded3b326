// The grade: what a look does to a picture, once a scene. The ground takes all of it, the subject its share.
#include "scene.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static inline float curve(float c, float k) {
    float t = frame_clamp(c, 0, 1);
    return c + k * (t * t * (3 - 2 * t) - t);
}

/* A row of pixels while it is graded: each array as wide as the picture. */
typedef struct { float *red, *green, *blue, *subject, *echo; } frame_row;

FRAME_ANY unpack_any(const uint8_t *restrict rgba, const uint8_t *restrict matte, int n, const frame_row *row) {
    float *restrict red = row->red, *restrict green = row->green, *restrict blue = row->blue, *restrict subject = row->subject;
    for (int x = 0; x < n; x++) {
        red[x] = (float)rgba[4 * x] * (1 / 255.0f);
        green[x] = (float)rgba[4 * x + 1] * (1 / 255.0f);
        blue[x] = (float)rgba[4 * x + 2] * (1 / 255.0f);
    }
    /* Where nobody can tell them apart, everything may be the subject. */
    for (int x = 0; x < n; x++) subject[x] = matte ? (float)matte[x] * (1 / 255.0f) : 1;
}

FRAME_TWICE(unpack, (const uint8_t *rgba, const uint8_t *matte, int n, const frame_row *row), (rgba, matte, n, row))

/* Grades a row in place: what was red and blue ends as their distance from the light, which goes to `luma`. */
FRAME_ANY grade_row_any(const frame_grade *grade, int n, const frame_row *row, float *restrict luma) {
    const frame_grade g = *grade;
    float *restrict red = row->red, *restrict green = row->green, *restrict blue = row->blue, *restrict subject = row->subject;
    for (int x = 0; x < n; x++) {
        float in[3] = { red[x], green[x], blue[x] }, out[3];
        float c[3] = { in[0] * g.red * g.exposure, in[1] * g.green * g.exposure, in[2] * g.blue * g.exposure };
        for (int i = 0; i < 3; i++) c[i] = curve(c[i], g.contrast);
        float l = 0.2126f * c[0] + 0.7152f * c[1] + 0.0722f * c[2];
        float t = frame_clamp(l, 0, 1), dark = (1 - t) * (1 - t), light = t * t;
        float weight = 1 - subject[x] * (1 - g.share);
        for (int i = 0; i < 3; i++) {
            float v = l + (c[i] - l) * g.saturation + g.shadows[i] * dark + g.highlights[i] * light;
            out[i] = in[i] + weight * (frame_clamp(g.lift + v * (g.cap - g.lift), 0, 1) - in[i]);
        }
        l = 0.2126f * out[0] + 0.7152f * out[1] + 0.0722f * out[2];
        luma[x] = l;
        red[x] = (out[0] - l) * (1 / (4 * 1.5748f));
        blue[x] = (out[2] - l) * (1 / (4 * 1.8556f));
    }
}

/* Black throws no coloured light back, and the subject keeps most of its own colour. */
FRAME_ANY echo_row_any(const float *restrict luma, const float *restrict subject, int n, float *restrict echo) {
    for (int x = 0; x < n; x++) {
        float back = 0.1f + 1.4f * luma[x];
        echo[x] = 0.25f * (back < 1 ? back : 1) * (1 - 0.8f * subject[x]);
    }
}

FRAME_ANY add_pairs_any(const float *restrict row, int n, float *restrict out) {
    for (int x = 0; x < n; x++) out[x] = out[x] + row[2 * x] + row[2 * x + 1];
}
FRAME_TWICE(grade_row, (const frame_grade *grade, int n, const frame_row *row, float *luma), (grade, n, row, luma))
FRAME_TWICE(echo_row, (const float *luma, const float *subject, int n, float *echo), (luma, subject, n, echo))
FRAME_TWICE(add_pairs, (const float *row, int n, float *out), (row, n, out))

/* The highlights, blurred: three planes the size of the map. */
static int make_glow(const frame_scene *s, const uint8_t *rgba, float *glow) {
    int W = s->width, H = s->height, w = s->map_width, h = s->map_height;
    size_t n = (size_t)w * (size_t)h;
    float *spare = malloc(sizeof(float) * n);
    if (!spare) return 0;
    for (int c = 0; c < 3; c++) {
        float *plane = glow + (size_t)c * n;
        for (int y = 0; y < h; y++) for (int x = 0; x < w; x++) {
            const uint8_t *p = rgba + 4 * ((size_t)(y * H / h) * (size_t)W + (size_t)(x * W / w));
            plane[(size_t)y * (size_t)w + (size_t)x] = frame_smooth(0.45f, 1, (float)p[c] / 255) * (float)p[c] / 255;
        }
        frame_blur(plane, spare, w, h, (w < h ? w : h) / 40 + 1);
    }
    free(spare);
    return 1;
}

/* The ground is darkened from the outside in: the subject stands in a pool of light without an edge. */
static void make_pool(const frame_scene *s, float backdrop, float *pool) {
    int W = s->width, H = s->height, w = s->map_width, h = s->map_height;
    const frame_subject *box = &s->subject;
    float least = 0.24f * (float)(W < H ? W : H);
    float centre_x = (box->left + box->right) * 0.5f * (float)w, centre_y = (box->top + box->bottom) * 0.5f * (float)h;
    float radius_x = fmaxf((box->right - box->left) * 0.5f * (float)W, least) * (float)w / (float)W;
    float radius_y = fmaxf((box->bottom - box->top) * 0.5f * (float)H, least) * (float)h / (float)H;
    for (int y = 0; y < h; y++) for (int x = 0; x < w; x++) {
        float dx = ((float)x + 0.5f - centre_x) / radius_x, dy = ((float)y + 0.5f - centre_y) / radius_y;
        float away = fmaxf(0, sqrtf(dx * dx + dy * dy) - 0.7f) / 1.15f;
        pool[(size_t)y * (size_t)w + (size_t)x] = backdrop + (1 - backdrop) * expf(-away * away);
    }
}

/* The pool of light and the bloom over a row that is not graded yet; the subject stands in full light. */
static void light_row(const frame_scene *s, const frame_grade *grade, const float *pool, const float *glow, int has_matte, int y, const frame_row *row) {
    const int w = s->map_width, h = s->map_height;
    const float step = (float)w / (float)s->width, my = ((float)y + 0.5f) * ((float)h / (float)s->height) - 0.5f;
    float *channels[3] = { row->red, row->green, row->blue };
    for (int x = 0; x < s->width; x++) {
        float mx = ((float)x + 0.5f) * step - 0.5f, subject = row->subject[x];
        float lit = pool ? frame_map_at(pool, w, h, mx, my) : 1;
        if (has_matte) lit = subject + lit * grade->ground * (1 - subject);
        for (int i = 0; i < 3; i++) {
            float *c = channels[i] + x;
            *c *= lit;
            if (!glow) continue;
            float light = frame_map_at(glow + (size_t)i * (size_t)w * (size_t)h, w, h, mx, my) * grade->bloom * (1 - 0.6f * subject);
            *c = 1 - (1 - *c) * (1 - fminf(light, 1));
        }
    }
}

int frame_grade_picture(frame_scene *s, const uint8_t *rgba, const uint8_t *matte, const frame_grade *grade, const frame_graded *picture) {
    const size_t W = (size_t)s->width, n = (size_t)s->map_width * (size_t)s->map_height;
    float *pool = grade->backdrop < 1 ? malloc(sizeof(float) * n) : NULL, *glow = grade->bloom > 0 ? malloc(sizeof(float) * 3 * n) : NULL;
    float *memory = malloc(sizeof(float) * 5 * W);
    if (!memory || (grade->backdrop < 1 && !pool) || (grade->bloom > 0 && (!glow || !make_glow(s, rgba, glow)))) {
        free(memory);
        free(pool);
        free(glow);
        return 0;
    }
    if (pool) make_pool(s, grade->backdrop, pool);
    const frame_row row = { memory, memory + W, memory + 2 * W, memory + 3 * W, memory + 4 * W };
    for (int y = 0; y < s->height; y++) {
        const size_t at = (size_t)y * W, half = (size_t)(y / 2) * (W / 2);
        float *halves[3] = { picture->blue + half, picture->red + half, picture->echo ? picture->echo + half : NULL };
        unpack(rgba + 4 * at, matte ? matte + at : NULL, s->width, &row);
        if (pool || glow || (matte && grade->ground != 1)) light_row(s, grade, pool, glow, matte != NULL, y, &row);
        grade_row(grade, s->width, &row, picture->luma + at);
        if (y % 2 == 0) for (int i = 0; i < 3 && halves[i]; i++) memset(halves[i], 0, sizeof(float) * (W / 2));
        add_pairs(row.blue, s->width / 2, halves[0]);
        add_pairs(row.red, s->width / 2, halves[1]);
        if (!picture->echo) continue;
        echo_row(picture->luma + at, row.subject, s->width, row.echo);
        add_pairs(row.echo, s->width / 2, halves[2]);
    }
    free(memory);
    free(pool);
    free(glow);
    return 1;
}
