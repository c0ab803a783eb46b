#!/bin/sh
mv meshc.yaml fleet.yaml
