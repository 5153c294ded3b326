// The grade: what a look does to a picture, once a scene. The ground takes all of it, the subject its share.
#include "scene.h"
#include <math.h>
#include <stdlib.h>

static inline float curve(float c, float k) {
    float t = frame_clamp(c, 0, 1);
    return c + k * (t * t * (3 - 2 * t) - t);
}

static inline void graded(const frame_grade *g, const float in[3], float out[3]) {
    float c[3] = { in[0] * g->red * g->exposure, in[1] * g->green * g->exposure, in[2] * g->blue * g->exposure };
    for (int i = 0; i < 3; i++) c[i] = curve(c[i], g->contrast);
    float l = 0.2126f * c[0] + 0.7152f * c[1] + 0.0722f * c[2];
    float t = frame_clamp(l, 0, 1), dark = (1 - t) * (1 - t), light = t * t;
    for (int i = 0; i < 3; i++) {
        float v = l + (c[i] - l) * g->saturation + g->shadows[i] * dark + g->highlights[i] * light;
        out[i] = frame_clamp(g->lift + v * (g->cap - g->lift), 0, 1);
    }
}

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

int frame_grade_picture(frame_scene *s, const uint8_t *rgba, const uint8_t *matte, const frame_grade *grade, const frame_graded *picture) {
    int W = s->width, H = s->height, w = s->map_width, h = s->map_height;
    size_t n = (size_t)w * (size_t)h;
    float *pool = grade->backdrop < 1 ? malloc(sizeof(float) * n) : NULL, *glow = grade->bloom > 0 ? malloc(sizeof(float) * 3 * n) : NULL;
    if ((grade->backdrop < 1 && !pool) || (grade->bloom > 0 && (!glow || !make_glow(s, rgba, glow)))) {
        free(pool);
        free(glow);
        return 0;
    }
    if (pool) make_pool(s, grade->backdrop, pool);
    const float step_x = (float)w / (float)W, step_y = (float)h / (float)H;
    for (int y = 0; y < H; y++) {
        float *luma = picture->luma + (size_t)y * (size_t)W;
        size_t half = (size_t)(y / 2) * (size_t)(W / 2);
        float *blue = picture->blue + half, *red = picture->red + half, *echo = picture->echo + half;
        if (y % 2 == 0) for (int x = 0; x < W / 2; x++) blue[x] = red[x] = echo[x] = 0;
        float my = ((float)y + 0.5f) * step_y - 0.5f;
        for (int x = 0; x < W; x++) {
            size_t at = (size_t)y * (size_t)W + (size_t)x;
            const uint8_t *p = rgba + 4 * at;
            float c[3] = { (float)p[0] / 255, (float)p[1] / 255, (float)p[2] / 255 }, out[3];
            float mx = ((float)x + 0.5f) * step_x - 0.5f, subject = matte ? (float)matte[at] / 255 : 0.4f;
            float lit = pool ? frame_map_at(pool, w, h, mx, my) : 1;
            /* The subject stands in full light. */
            if (matte) lit = subject + lit * grade->ground * (1 - subject);
            for (int i = 0; i < 3; i++) c[i] *= lit;
            if (glow) for (int i = 0; i < 3; i++) {
                float light = frame_map_at(glow + (size_t)i * n, w, h, mx, my) * grade->bloom * (1 - 0.6f * subject);
                c[i] = 1 - (1 - c[i]) * (1 - fminf(light, 1));
            }
            graded(grade, c, out);
            float weight = 1 - subject * (1 - grade->share);
            for (int i = 0; i < 3; i++) out[i] = c[i] + weight * (out[i] - c[i]);
            float l = 0.2126f * out[0] + 0.7152f * out[1] + 0.0722f * out[2];
            luma[x] = l;
            blue[x / 2] += (out[2] - l) / (4 * 1.8556f);
            red[x / 2] += (out[0] - l) / (4 * 1.5748f);
            /* Black throws no coloured light back, and the subject keeps most of its own colour. */
            echo[x / 2] += 0.25f * fminf(1, 0.1f + 1.4f * l) * (1 - (matte ? 0.8f * subject : 0));
        }
    }
    free(pool);
    free(glow);
    return 1;
}
