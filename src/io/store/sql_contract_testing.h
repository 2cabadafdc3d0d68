// What every Sql does, as tests: an engine's test says how to open an empty database (OpenSql) and
// instantiates SqlContract with it.
#pragma once

#include "io/store/migration_contract_testing.h"
#include "io/store/sql_concurrency_contract_testing.h"
#include "io/store/sql_rows_contract_testing.h"
#include "io/store/sql_transaction_contract_testing.h"
#include "io/store/sql_values_contract_testing.h"
