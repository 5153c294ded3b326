#pragma once
#include <stdio.h>
#include <webp/decode.h>
