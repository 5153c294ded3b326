// The subject as the mesh sees it: a coarse map of depth, from a matte or, without one, from the picture's shape alone.
#include "scene.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

void frame_blur(float *map, float *spare, int w, int h, int radius) {
    if (radius < 1) return;
    float scale = 1.0f / (float)(2 * radius + 1);
    for (int pass = 0; pass < 3; pass++) {
        for (int y = 0; y < h; y++) {
            float *in = map + (size_t)y * (size_t)w, *out = spare + (size_t)y * (size_t)w, sum = 0;
            for (int i = -radius; i <= radius; i++) sum += in[i < 0 ? 0 : i >= w ? w - 1 : i];
            for (int x = 0; x < w; x++) {
                out[x] = sum * scale;
                sum += in[x + radius + 1 < w ? x + radius + 1 : w - 1] - in[x - radius > 0 ? x - radius : 0];
            }
        }
        for (int x = 0; x < w; x++) {
            float sum = 0;
            for (int i = -radius; i <= radius; i++) sum += spare[(size_t)(i < 0 ? 0 : i >= h ? h - 1 : i) * (size_t)w + (size_t)x];
            for (int y = 0; y < h; y++) {
                map[(size_t)y * (size_t)w + (size_t)x] = sum * scale;
                int next = y + radius + 1 < h ? y + radius + 1 : h - 1, last = y - radius > 0 ? y - radius : 0;
                sum += spare[(size_t)next * (size_t)w + (size_t)x] - spare[(size_t)last * (size_t)w + (size_t)x];
            }
        }
    }
}

/* Widens what is marked by that radius each way: along rows, a count of what is marked within reach, and down columns the same. */
static void widen(float *map, float *spare, int w, int h, int radius) {
    for (int y = 0; y < h; y++) {
        const float *row = map + (size_t)y * (size_t)w;
        float *out = spare + (size_t)y * (size_t)w, near = 0;
        for (int x = 0; x < radius && x < w; x++) near += row[x];
        for (int x = 0; x < w; x++) {
            if (x + radius < w) near += row[x + radius];
            if (x > radius) near -= row[x - radius - 1];
            out[x] = near > 0 ? 1 : 0;
        }
    }
    for (int y = 0; y < h; y++) {
        const int from = y > radius ? y - radius : 0, to = y + radius < h ? y + radius : h - 1;
        float *out = map + (size_t)y * (size_t)w;
        memset(out, 0, sizeof(float) * (size_t)w);
        for (int v = from; v <= to; v++) for (int x = 0; x < w; x++) out[x] = fmaxf(out[x], spare[(size_t)v * (size_t)w + (size_t)x]);
    }
}

int frame_make_depth(frame_scene *scene, const uint8_t *matte) {
    int w = scene->map_width, h = scene->map_height, W = scene->width, H = scene->height, shorter = w < h ? w : h;
    float *depth = scene->depth;
    if (!matte) {
        for (int y = 0; y < h; y++) for (int x = 0; x < w; x++) {
            float dx = (((float)x + 0.5f) / (float)w - 0.5f) / 0.5f, dy = (((float)y + 0.5f) / (float)h - 0.5f) / 0.5f;
            depth[(size_t)y * (size_t)w + (size_t)x] = 1 - frame_smooth(0.15f, 0.95f, sqrtf(dx * dx + dy * dy));
        }
        return 1;
    }
    float *spare = malloc(sizeof(float) * (size_t)w * (size_t)h);
    if (!spare) return 0;
    for (int y = 0; y < h; y++) for (int x = 0; x < w; x++) {
        int x0 = x * W / w, x1 = (x + 1) * W / w, y0 = y * H / h, y1 = (y + 1) * H / h, sum = 0;
        for (int j = y0; j < y1; j++) for (int i = x0; i < x1; i++) sum += matte[(size_t)j * (size_t)W + (size_t)i];
        depth[(size_t)y * (size_t)w + (size_t)x] = sum > 100 * (x1 - x0) * (y1 - y0) ? 1 : 0;
    }
    /* The slope lies outside the subject, on its ground, which may stretch; towards the frame's edge nothing moves apart. */
    widen(depth, spare, w, h, shorter / 16);
    frame_blur(depth, spare, w, h, shorter / 44 < 1 ? 1 : shorter / 44);
    for (int y = 0; y < h; y++) for (int x = 0; x < w; x++) {
        float edge = fminf(fminf((float)x + 0.5f, (float)w - (float)x - 0.5f), fminf((float)y + 0.5f, (float)h - (float)y - 0.5f));
        depth[(size_t)y * (size_t)w + (size_t)x] *= frame_smooth(0, 0.07f, edge / (float)shorter);
    }
    free(spare);
    return 1;
}
