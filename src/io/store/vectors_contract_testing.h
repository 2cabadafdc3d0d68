// What every Vectors does, as tests: an implementation's test says how to make a VectorsRig and
// instantiates VectorsContract with it.
#pragma once

#include "io/store/vectors_concurrency_contract_testing.h"
#include "io/store/vectors_filter_contract_testing.h"
#include "io/store/vectors_refusal_contract_testing.h"
#include "io/store/vectors_rows_contract_testing.h"
#include "io/store/vectors_search_contract_testing.h"
