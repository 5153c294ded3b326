/* One decode or encode of libjpeg, in which every setjmp begins and ends. */
#ifndef VITRINE_JPEG_WORK_H
#define VITRINE_JPEG_WORK_H

#include "sink.h"

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

/* All of one decode or encode; it lives on the heap, so that nothing a longjmp leaves behind is in a register. */
typedef struct jpeg_work {
    struct jpeg_error_mgr errors;
    jmp_buf escape;
    struct jpeg_progress_mgr progress;
    struct jpeg_source_mgr source;
    struct jpeg_decompress_struct reading;
    struct jpeg_compress_struct writing;
    ic_status status;
    ic_result *result;
    int32_t scans;
    int ended;
    int is_reading;
    int is_writing;
    ic_sink sink;
    struct jpeg_planes *planes;
    uint8_t *row;
    JOCTET *profile;
    unsigned char *written;
    unsigned long written_count;
} jpeg_work;

jpeg_work *ic_jpeg_start(ic_result *result);
void ic_jpeg_stop(jpeg_work *work);
void ic_jpeg_open(jpeg_work *work, const uint8_t *bytes, size_t count);
/* Leaves by the work's `escape`. */
void ic_jpeg_break_off(jpeg_work *work, ic_status status, const char *message);
void ic_jpeg_close_planes(struct jpeg_planes *planes);

#endif
