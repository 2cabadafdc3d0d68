#include "app/commands.h"

int main(int argc, char** argv) {
  return signalbox::app::Main(argc, argv);
}
