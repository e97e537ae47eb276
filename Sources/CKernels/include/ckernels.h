#pragma once
#include "ck_level.h"
