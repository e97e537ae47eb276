#pragma once
#include "ck_level.h"
#include "ck_mt19937.h"
#include "ck_nbody.h"
