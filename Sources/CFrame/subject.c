// Ground and subject: a smooth ground is fitted to the picture's border, and what differs from it and is enclosed by it is
// the subject. Everything runs on a map of cells, so that its cost does not show beside one frame.
#include "scene.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

float frame_distance(const float a[3], const float b[3]) {
    float r = a[0] - b[0], g = a[1] - b[1], z = a[2] - b[2];
    float y = 0.2126f * r + 0.7152f * g + 0.0722f * z;
    float cb = (z - y) * 0.54f, cr = (r - y) * 0.63f;
    return sqrtf(0.55f * y * y + 3.0f * (cb * cb + cr * cr));
}

float frame_shaded_distance(const float colour[3], const float ground[3], float least) {
    float dot = 0, own = 1e-4f, shaded[3];
    for (int i = 0; i < 3; i++) { dot += colour[i] * ground[i]; own += ground[i] * ground[i]; }
    float k = frame_clamp(dot / own, least, 1);
    for (int i = 0; i < 3; i++) shaded[i] = ground[i] * k;
    return fminf(frame_distance(colour, ground), frame_distance(colour, shaded) + 0.06f * (1 - k));
}

static void terms_at(float x, float y, float t[6]) {
    t[0] = 1; t[1] = x; t[2] = y; t[3] = x * x; t[4] = x * y; t[5] = y * y;
}

void frame_ground_at(const frame_ground *ground, float x, float y, float colour[3]) {
    float t[6];
    terms_at(2 * x - 1, 2 * y - 1, t);
    for (int c = 0; c < 3; c++) {
        float sum = 0;
        for (int i = 0; i < 6; i++) sum += ground->terms[c][i] * t[i];
        colour[c] = frame_clamp(sum, 0, 1);
    }
}

/* Solves six equations by elimination with pivots; a singular system leaves zeros. */
static void solve(double m[6][7], float out[6]) {
    for (int i = 0; i < 6; i++) {
        int p = i;
        for (int j = i + 1; j < 6; j++) if (fabs(m[j][i]) > fabs(m[p][i])) p = j;
        if (fabs(m[p][i]) < 1e-9) { for (int k = 0; k < 6; k++) out[k] = 0; return; }
        for (int k = 0; k < 7; k++) { double s = m[i][k]; m[i][k] = m[p][k]; m[p][k] = s; }
        for (int j = 0; j < 6; j++) {
            if (j == i) continue;
            double f = m[j][i] / m[i][i];
            for (int k = i; k < 7; k++) m[j][k] -= f * m[i][k];
        }
    }
    for (int i = 0; i < 6; i++) out[i] = (float)(m[i][6] / m[i][i]);
}

/* Least squares over the border, three times, each time trusting less what lies off. */
static void fit_ground(const float *cells, int w, int h, int ring, frame_ground *ground) {
    memset(ground->terms, 0, sizeof ground->terms);
    for (int round = 0; round < 4; round++) {
        double m[3][6][7];
        memset(m, 0, sizeof m);
        for (int y = 0; y < h; y++) for (int x = 0; x < w; x++) {
            if (x >= ring && x < w - ring && y >= ring && y < h - ring) { x = w - ring - 1; continue; }
            float px = ((float)x + 0.5f) / (float)w, py = ((float)y + 0.5f) / (float)h;
            const float *c = cells + 3 * ((size_t)y * (size_t)w + (size_t)x);
            float weight = 1, guess[3], t[6];
            if (round) {
                frame_ground_at(ground, px, py, guess);
                float d = frame_distance(c, guess) / 0.05f;
                weight = 1 / (1 + d * d * d * d);
            }
            terms_at(2 * px - 1, 2 * py - 1, t);
            for (int k = 0; k < 3; k++) for (int i = 0; i < 6; i++) {
                for (int j = 0; j < 6; j++) m[k][i][j] += weight * t[i] * t[j];
                m[k][i][6] += weight * t[i] * c[k];
            }
        }
        for (int k = 0; k < 3; k++) {
            for (int i = 1; i < 6; i++) m[k][i][i] += 1e-3;
            solve(m[k], ground->terms[k]);
        }
    }
}

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

/* The largest value within a square of that radius. */
static void widen(float *map, float *spare, int w, int h, int radius) {
    for (int y = 0; y < h; y++) for (int x = 0; x < w; x++) {
        float top = 0;
        for (int i = x - radius < 0 ? 0 : x - radius; i <= x + radius && i < w; i++) top = fmaxf(top, map[(size_t)y * (size_t)w + (size_t)i]);
        spare[(size_t)y * (size_t)w + (size_t)x] = top;
    }
    for (int y = 0; y < h; y++) for (int x = 0; x < w; x++) {
        float top = 0;
        for (int i = y - radius < 0 ? 0 : y - radius; i <= y + radius && i < h; i++) top = fmaxf(top, spare[(size_t)i * (size_t)w + (size_t)x]);
        map[(size_t)y * (size_t)w + (size_t)x] = top;
    }
}

/* Marks with 1 the cells of the ground that hang together with the border: those of its colour, and shadows, into which
   the way is never a step. */
static void flood(const float *cells, const float *off, const float *shaded, float *open, int *stack, int w, int h) {
    int count = 0;
    memset(open, 0, sizeof(float) * (size_t)w * (size_t)h);
    for (int y = 0; y < h; y++) for (int x = 0; x < w; x++) {
        if (x > 0 && x < w - 1 && y > 0 && y < h - 1) { x = w - 2; continue; }
        int i = y * w + x;
        if (off[i] < 0.085f && open[i] == 0) { open[i] = 1; stack[count++] = i; }
    }
    while (count) {
        int i = stack[--count], x = i % w, y = i / w;
        int next[4] = { x > 0 ? i - 1 : i, x < w - 1 ? i + 1 : i, y > 0 ? i - w : i, y < h - 1 ? i + w : i };
        for (int k = 0; k < 4; k++) {
            int j = next[k];
            if (open[j] != 0) continue;
            if (off[j] < 0.085f || (shaded[j] < 0.05f && frame_distance(cells + 3 * i, cells + 3 * j) < 0.03f)) {
                open[j] = 1;
                stack[count++] = j;
            }
        }
    }
}

/* The place below which that share of a histogram lies, in 0 to 1. */
static float quantile(const float *sums, int n, float total, float share) {
    float seen = 0;
    for (int i = 0; i < n; i++) {
        if (seen + sums[i] >= total * share) return ((float)i + (sums[i] > 0 ? (total * share - seen) / sums[i] : 0)) / (float)n;
        seen += sums[i];
    }
    return 1;
}

static void measure(frame_scene *scene, const float *mask, float *columns, float *lines) {
    int w = scene->map_width, h = scene->map_height;
    float total = 0, cx = 0, cy = 0;
    memset(columns, 0, sizeof(float) * (size_t)w);
    memset(lines, 0, sizeof(float) * (size_t)h);
    for (int y = 0; y < h; y++) for (int x = 0; x < w; x++) {
        float m = mask[(size_t)y * (size_t)w + (size_t)x];
        columns[x] += m; lines[y] += m; total += m;
        cx += m * ((float)x + 0.5f); cy += m * ((float)y + 0.5f);
    }
    frame_subject *s = &scene->subject;
    s->coverage = total / (float)(w * h);
    if (total < 1) return;
    s->centre_x = cx / total / (float)w; s->centre_y = cy / total / (float)h;
    s->left = quantile(columns, w, total, 0.005f); s->right = quantile(columns, w, total, 0.995f);
    s->top = quantile(lines, h, total, 0.005f); s->bottom = quantile(lines, h, total, 0.995f);
}

int frame_find_subject(frame_scene *scene, const uint8_t *rgb, frame_ground *ground) {
    int w = scene->map_width, h = scene->map_height, W = scene->width, H = scene->height;
    size_t n = (size_t)w * (size_t)h;
    float *cells = malloc(sizeof(float) * 3 * n), *off = malloc(sizeof(float) * n), *spare = malloc(sizeof(float) * n);
    float *shaded = malloc(sizeof(float) * n);
    float *sums = malloc(sizeof(float) * (size_t)(w + h));
    int *stack = malloc(sizeof(int) * n);
    int good = cells && off && spare && shaded && sums && stack && ground->open && ground->sure;
    if (good) {
        for (int y = 0; y < h; y++) for (int x = 0; x < w; x++) {
            int x0 = x * W / w, x1 = (x + 1) * W / w, y0 = y * H / h, y1 = (y + 1) * H / h;
            uint32_t r = 0, g = 0, b = 0;
            for (int j = y0; j < y1; j++) for (int i = x0; i < x1; i++) {
                const uint8_t *p = rgb + 3 * ((size_t)j * (size_t)W + (size_t)i);
                r += p[0]; g += p[1]; b += p[2];
            }
            float scale = 1.0f / (255.0f * (float)((x1 - x0) * (y1 - y0)));
            float *c = cells + 3 * ((size_t)y * (size_t)w + (size_t)x);
            c[0] = (float)r * scale; c[1] = (float)g * scale; c[2] = (float)b * scale;
        }
        int shorter = w < h ? w : h, ring = shorter / 32 < 2 ? 2 : shorter / 32;
        fit_ground(cells, w, h, ring, ground);
        int near = 0, border = 0;
        for (int y = 0; y < h; y++) for (int x = 0; x < w; x++) {
            size_t i = (size_t)y * (size_t)w + (size_t)x;
            float guess[3];
            frame_ground_at(ground, ((float)x + 0.5f) / (float)w, ((float)y + 0.5f) / (float)h, guess);
            off[i] = frame_distance(cells + 3 * i, guess);
            shaded[i] = frame_shaded_distance(cells + 3 * i, guess, 0.5f);
            if (x < ring || x >= w - ring || y < ring || y >= h - ring) { border++; near += off[i] < 0.07f; }
        }
        flood(cells, off, shaded, ground->open, stack, w, h);
        float *depth = scene->depth;
        for (size_t i = 0; i < n; i++) depth[i] = 1 - ground->open[i];
        /* Specks go: a cell stays when most around it are subject too. */
        memcpy(spare, depth, sizeof(float) * n);
        frame_blur(spare, off, w, h, 1);
        for (size_t i = 0; i < n; i++) depth[i] = spare[i] > 0.5f ? 1 : 0;
        measure(scene, depth, sums, sums + w);
        frame_subject *s = &scene->subject;
        float room = fminf(fminf(s->left, s->top), fminf(1 - s->right, 1 - s->bottom));
        s->confidence = frame_smooth(0.62f, 0.92f, (float)near / (float)border) * frame_smooth(0.008f, 0.03f, s->coverage)
            * (1 - frame_smooth(0.72f, 0.9f, s->coverage)) * frame_smooth(-0.01f, 0.02f, room);
        ground->confidence = s->confidence;
        if (s->confidence < 0.5f) {
            *s = (frame_subject){ 0.22f, 0.22f, 0.78f, 0.78f, 0.5f, 0.5f, s->coverage, s->confidence };
            for (int y = 0; y < h; y++) for (int x = 0; x < w; x++) {
                float dx = (((float)x + 0.5f) / (float)w - 0.5f) / 0.5f, dy = (((float)y + 0.5f) / (float)h - 0.5f) / 0.5f;
                depth[(size_t)y * (size_t)w + (size_t)x] = 1 - frame_smooth(0.15f, 0.95f, sqrtf(dx * dx + dy * dy));
            }
        } else {
            widen(depth, off, w, h, shorter / 16);
            frame_blur(depth, off, w, h, shorter / 44 < 1 ? 1 : shorter / 44);
            for (int y = 0; y < h; y++) for (int x = 0; x < w; x++) {
                float edge = fminf(fminf((float)x + 0.5f, (float)w - (float)x - 0.5f), fminf((float)y + 0.5f, (float)h - (float)y - 0.5f));
                depth[(size_t)y * (size_t)w + (size_t)x] *= frame_smooth(0, 0.07f, edge / (float)shorter);
            }
        }
        for (size_t i = 0; i < n; i++) ground->sure[i] = 1 - ground->open[i];
        widen(ground->sure, off, w, h, 2);
        for (size_t i = 0; i < n; i++) ground->sure[i] = 1 - ground->sure[i];
        frame_blur(ground->sure, off, w, h, 1);
        /* The open ground reaches a little into the subject: what lies there is decided pixel by pixel. */
        widen(ground->open, off, w, h, 2);
        frame_blur(ground->open, off, w, h, 1);
    }
    free(cells); free(off); free(spare); free(shaded); free(sums); free(stack);
    return good;
}
