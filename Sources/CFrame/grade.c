// The grade: what a look does to a picture, once a scene. The ground takes all of it, the subject its share.
#include "scene.h"
#include <math.h>
#include <stdlib.h>

static inline float curve(float c, float k) {
    float t = frame_clamp(c, 0, 1);
    return c + k * (t * t * (3 - 2 * t) - t);
}

static void graded(const frame_grade *g, const float in[3], float out[3]) {
    float c[3] = { in[0] * g->red * g->exposure, in[1] * g->green * g->exposure, in[2] * g->blue * g->exposure };
    for (int i = 0; i < 3; i++) c[i] = curve(c[i], g->contrast);
    float l = 0.2126f * c[0] + 0.7152f * c[1] + 0.0722f * c[2];
    float t = frame_clamp(l, 0, 1), dark = (1 - t) * (1 - t), light = t * t;
    for (int i = 0; i < 3; i++) {
        float v = l + (c[i] - l) * g->saturation + g->shadows[i] * dark + g->highlights[i] * light;
        out[i] = frame_clamp(g->lift + v * (g->cap - g->lift), 0, 1);
    }
}

int frame_grade_picture(frame_scene *scene, const uint8_t *rgb, const frame_ground *ground, const frame_grade *grade) {
    int W = scene->width, H = scene->height, w = scene->map_width, h = scene->map_height;
    size_t n = (size_t)w * (size_t)h;
    float *glow = NULL, *spare = NULL;
    int shorter = w < h ? w : h;
    if (grade->bloom > 0) {
        glow = calloc(3 * n, sizeof(float));
        spare = malloc(sizeof(float) * n);
        if (!glow || !spare) { free(glow); free(spare); return 0; }
        for (int c = 0; c < 3; c++) {
            float *plane = glow + (size_t)c * n;
            for (int y = 0; y < h; y++) for (int x = 0; x < w; x++) {
                const uint8_t *p = rgb + 3 * ((size_t)(y * H / h) * (size_t)W + (size_t)(x * W / w));
                plane[(size_t)y * (size_t)w + (size_t)x] = frame_smooth(0.45f, 1, (float)p[c] / 255) * (float)p[c] / 255;
            }
            frame_blur(plane, spare, w, h, shorter / 40 + 1);
        }
    }
    /* The ground is darkened from the outside in: the subject stands in a pool of light without an edge. */
    const frame_subject *box = &scene->subject;
    float least = 0.24f * (float)(W < H ? W : H);
    float centre_x = (box->left + box->right) * 0.5f * (float)W, centre_y = (box->top + box->bottom) * 0.5f * (float)H;
    float radius_x = fmaxf((box->right - box->left) * 0.5f * (float)W, least), radius_y = fmaxf((box->bottom - box->top) * 0.5f * (float)H, least);
    int sure = ground->confidence >= 0.5f;
    float step_x = (float)w / (float)W, step_y = (float)h / (float)H;
    for (int y = 0; y < H; y++) {
        f4 *row = scene->coefficients + (size_t)(y + PAD) * (size_t)scene->stride + PAD;
        float my = ((float)y + 0.5f) * step_y - 0.5f;
        for (int x = 0; x < W; x++) {
            const uint8_t *p = rgb + 3 * ((size_t)y * (size_t)W + (size_t)x);
            float c[3] = { (float)p[0] / 255, (float)p[1] / 255, (float)p[2] / 255 }, out[3];
            float mx = ((float)x + 0.5f) * step_x - 0.5f, subject = 0.4f;
            if (sure) {
                float behind[3];
                frame_ground_at(ground, ((float)x + 0.5f) / (float)W, ((float)y + 0.5f) / (float)H, behind);
                float closed = 1 - frame_map_at(ground->open, w, h, mx, my);
                /* Away from the subject what is darker is shadow; close to it only what is a little darker. */
                float least = 0.74f - 0.24f * frame_map_at(ground->sure, w, h, mx, my);
                float near = frame_shaded_distance(c, behind, least);
                subject = fmaxf(frame_smooth(0.045f, 0.16f, near), closed);
            }
            float dx = ((float)x + 0.5f - centre_x) / radius_x, dy = ((float)y + 0.5f - centre_y) / radius_y;
            float away = fmaxf(0, sqrtf(dx * dx + dy * dy) - 0.7f) / 1.15f;
            float lit = grade->backdrop + (1 - grade->backdrop) * expf(-away * away);
            if (sure) lit *= 1 - (1 - subject) * (1 - grade->ground);
            for (int i = 0; i < 3; i++) c[i] *= lit;
            if (glow) {
                for (int i = 0; i < 3; i++) {
                    float light = frame_map_at(glow + (size_t)i * n, w, h, mx, my) * grade->bloom;
                    c[i] = 1 - (1 - c[i]) * (1 - fminf(light, 1));
                }
            }
            graded(grade, c, out);
            float weight = 1 - subject * (1 - grade->share);
            for (int i = 0; i < 3; i++) out[i] = c[i] + weight * (out[i] - c[i]);
            float l = 0.2126f * out[0] + 0.7152f * out[1] + 0.0722f * out[2];
            row[x] = (f4){ l, (out[2] - l) / 1.8556f, (out[0] - l) / 1.5748f, sure ? subject : 0 };
        }
    }
    free(glow);
    free(spare);
    return 1;
}

/* Cubic B-spline coefficients in place: the recursive filter with the one pole, along rows and then along columns. */
static void filter_line(f4 *line, ptrdiff_t step, int n) {
    const float pole = -0.26794919243112270647f;
    f4 sum = line[0];
    float power = pole;
    for (int i = 1; i < n && i < 16; i++, power *= pole) sum += line[i * step] * power;
    line[0] = sum * 6.0f;
    for (int i = 1; i < n; i++) line[i * step] = line[i * step] * 6.0f + line[(i - 1) * step] * pole;
    line[(n - 1) * step] = (line[(n - 1) * step] + line[(n - 2) * step] * pole) * (pole / (pole * pole - 1));
    for (int i = n - 2; i >= 0; i--) line[i * step] = (line[(i + 1) * step] - line[i * step]) * pole;
}

static void filter_columns(f4 *first, ptrdiff_t stride, int columns, int n) {
    const float pole = -0.26794919243112270647f;
    for (int x = 0; x < columns; x++) {
        f4 sum = first[x];
        float power = pole;
        for (int i = 1; i < n && i < 16; i++, power *= pole) sum += first[i * stride + x] * power;
        first[x] = sum * 6.0f;
    }
    for (int i = 1; i < n; i++) {
        f4 *row = first + i * stride, *above = row - stride;
        for (int x = 0; x < columns; x++) row[x] = row[x] * 6.0f + above[x] * pole;
    }
    f4 *last = first + (n - 1) * stride;
    for (int x = 0; x < columns; x++) last[x] = (last[x] + last[x - stride] * pole) * (pole / (pole * pole - 1));
    for (int i = n - 2; i >= 0; i--) {
        f4 *row = first + i * stride, *below = row + stride;
        for (int x = 0; x < columns; x++) row[x] = (below[x] - row[x]) * pole;
    }
}

void frame_prefilter(frame_scene *scene) {
    int W = scene->width, H = scene->height;
    ptrdiff_t stride = scene->stride;
    f4 *first = scene->coefficients + PAD * stride + PAD;
    for (int y = 0; y < H; y++) filter_line(first + y * stride, 1, W);
    filter_columns(first, stride, W, H);
    for (int y = 0; y < H; y++) {
        f4 *row = first + y * stride;
        for (int i = 1; i <= PAD; i++) { row[-i] = row[i]; row[W - 1 + i] = row[W - 1 - i]; }
    }
    for (int i = 1; i <= PAD; i++) for (ptrdiff_t x = -PAD; x < W + PAD; x++) {
        first[-i * stride + x] = first[i * stride + x];
        first[(H - 1 + i) * stride + x] = first[(H - 1 - i) * stride + x];
    }
}
