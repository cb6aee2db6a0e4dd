# Needs only Python 3.11 and make. Messages are for the people who run the site, so they are in Chinese.

PORT ?= 8000
PYTHON ?= $(shell for python in python3.11 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
# Each hides what a developer's .env may say; an empty DATABASE_URL is SQLite.
ON_SQLITE := ENVIRONMENT=local DATABASE_URL=
IN_MEMORY := ENVIRONMENT=local DATABASE_URL=sqlite://:memory:
ON_POSTGRESQL := ENVIRONMENT=local $(BIN)/python tests/with_postgres.py
STATIC_SOURCES := $(shell find static -type f)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run site admin test lint types migrations-check test-sqlite test-postgresql drill drill-failures drill-safety drill-operations pictures fixtures-check \
	fixtures fonts bench bench-mirror bench-paper bench-scale bench-server bench-wagtail format lock sbom clean system-packages install-run install-development

help: ## 显示本说明
	@printf '用法：make 目标\n\n'
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name text; \
		do printf '  %-18s %s\n' "$$name" "$$text"; done

# --- Running

# Ctrl+C reaches granian and its worker together, and the worker then sometimes never ends: hence the timeout.
run: site ## 启动网站，地址 http://127.0.0.1:8000（换端口：make run PORT=9000）
	@printf '\n医保办事指南：http://127.0.0.1:$(PORT)/\n'
	@printf '后台管理：http://127.0.0.1:$(PORT)/admin/（新建管理员：make admin）\n'
	@printf '停止：Ctrl+C\n\n'
	@export SITE_URL="$${SITE_URL:-http://127.0.0.1:$(PORT)}" && exec $(BIN)/granian --interface wsgi --host 127.0.0.1 --port $(PORT) --no-ws --blocking-threads 4 \
		--workers-kill-timeout 2 --log-level warning config.wsgi:application

# Everything a visitor needs: database, contents, static files.
site: install-run
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) setup_site
	@$(MAKE) --silent var/static/staticfiles.json

admin: install-run ## 新建后台管理员
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) createsuperuser

# Collecting compresses every file, which takes seconds: only when one has changed.
var/static/staticfiles.json: $(STATIC_SOURCES) requirements/run.txt config/settings.py
	@echo '正在整理静态文件…'
	@$(MANAGE) collectstatic --no-input --clear --verbosity 0

# --- Testing

test: system-packages lint types migrations-check test-sqlite test-postgresql fixtures-check ## 全部检查和测试
	@printf '\n全部通过。\n'

lint: install-development ## 代码和模板的格式与规范
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint templates --quiet --check
	$(BIN)/djlint templates --quiet --lint

types: install-development ## 类型检查
	$(ON_SQLITE) $(BIN)/mypy

migrations-check: install-development ## 模型改动是否都有迁移
	$(ON_SQLITE) $(MANAGE) makemigrations --check --dry-run

# Browsers and servers run beside the tests, and a machine that stands still for a second can make one fail. What failed (1) is
# asked once more, alone: a mistake fails again. Anything else than a failed test stays what it is.
tested = $(1) $(BIN)/pytest -n 2 --dist loadfile $(2) || \
	{ [ $$? = 1 ] && printf '\n以上没有通过的，单独再测一次：\n' && $(1) $(BIN)/pytest --last-failed --last-failed-no-failures none $(2); }

test-sqlite: install-development ## 测试：SQLite，含浏览器
	$(call tested,$(ON_SQLITE))

# What asks the database nothing, or nothing that the other tests do not ask; test_same_ranking holds both engines to one ranking.
ONE_ENGINE := ingest search/test_queries.py search/test_tokens.py \
	$(patsubst %,admin/test_%.py,access_table advice_at_entry excel_in excel_out start_page) \
	$(patsubst %,operations/test_%.py,deployment nginx nginx_away nginx_files nginx_limits nginx_trust) \
	$(patsubst %,mirror/test_%.py,modes portable) \
	$(patsubst %,sheets/test_%.py,fonts poster real_sheets same_words sheet typesetting) \
	$(patsubst %,test_%.py,alternatives architecture chat_text counter deadline_page display doubts every_page_names_its_place \
	glossary government_site guide_page guided_path headers home html_is_valid life_events notice page_weight plan_page print settings site_map \
	source static_files structured_data workdays)

test-postgresql: install-development ## 测试：PostgreSQL，不含浏览器
	$(call tested,$(ON_POSTGRESQL),-m "not browser and not drill and not pictures" $(addprefix --ignore tests/,$(ONE_ENGINE)))

# A drill that hangs is a failed one.
BOUNDED := timeout --foreground 2h

drill: system-packages install-development drill-failures drill-safety ## 久一点的检查：故障演练；每一页在每种显示方式、每种宽度、有无 JavaScript 下（较久）
	$(ON_SQLITE) $(BOUNDED) $(BIN)/pytest -n 2 -m drill
	$(ON_POSTGRESQL) $(BOUNDED) $(BIN)/pytest -n 2 -m drill tests/hostile/test_requests.py

drill-failures: system-packages install-development site ## 故障演练：数据库、应用、nginx 逐个停掉，读者应当毫无察觉（较久）
	@$(BOUNDED) $(BIN)/python -m tests.drill

drill-safety: system-packages install-development ## 安全演练：导入中途被杀、八人同时保存、磁盘写满、迁移来回走（磁盘一项要 root，较久）
	@$(BOUNDED) $(BIN)/python -m tests.safety.killed_imports
	@$(BOUNDED) $(BIN)/python -m tests.safety.many_writers
	@$(BOUNDED) $(BIN)/python -m tests.safety.full_disk
	@$(BOUNDED) $(BIN)/python -m tests.safety.locks

# In a throw-away Debian 12, so it needs root, debootstrap, and this machine's own apt and pip to fetch what that installs.
drill-operations: install-development ## 照 docs/operations.md 从头装一遍、更新、退回、恢复（要 root，约十分钟）
	@$(BOUNDED) $(BIN)/python -m tests.operations.walk

pictures: system-packages install-development ## 重拍 docs/editors.md 的图（docs/pictures/）
	$(ON_SQLITE) $(BIN)/pytest -q -m pictures

fixtures-check: install-development ## 由手册重建初始数据，须与仓库中的逐字节相同
	$(IN_MEMORY) $(MANAGE) build_fixtures --check

system-packages:
	@tests/system_packages.sh

# --- Working on it

fixtures: install-run ## 由手册重建初始数据（fixtures/）
	$(IN_MEMORY) $(MANAGE) build_fixtures

# All four are the OFL fonts of Google Fonts; what npm has fetched it has also checked against the registry's hashes.
FONT_PACKAGES := noto-sans-sc@0.4.3 noto-sans-jp@0.4.3 noto-sans-hk@0.4.3 noto-sans-symbols-2@0.4.1

fonts: install-development ## 重做打印用的字体（要 npm，下载约 150 MB，改写 guides/sheets/fonts/）
	@command -v npm >/dev/null || { echo '需要 npm：apt-get install npm' >&2; exit 1; }
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	for package in $(FONT_PACKAGES); do \
		archive=$$(cd "$$folder" && npm pack --silent "@expo-google-fonts/$$package") && \
		mkdir "$$folder/$${package%@*}" && \
		tar -xzf "$$folder/$$archive" -C "$$folder/$${package%@*}" --strip-components 1 || exit 1; \
	done && \
	$(BIN)/python -m guides.sheets.make_fonts "$$folder"

bench: install-development site ## 量一量各页面、导入、镜像和大数据量的速度（约半小时）
	@PYTHONPATH=. $(BIN)/python tests/benchmark.py
	@PYTHONPATH=. $(BIN)/python tests/benchmark_first_text.py
	@PYTHONPATH=. $(BIN)/python tests/benchmark_import.py
	@PYTHONPATH=. $(BIN)/python tests/benchmark_paper.py
	@$(BIN)/python -m tests.benchmark_server
	@$(BIN)/python -m tests.benchmark_mirror
	@$(BIN)/python -m tests.benchmark_scale

bench-server: install-development site ## 只量生产服务器：每秒多少页，和 nginx 发同样文件相比（要 nginx 和 wrk，约四分钟）
	@$(BIN)/python -m tests.benchmark_server

bench-mirror: install-development site ## 只量静态镜像：第一次、没有改动、改一处之后各要多久（约五分钟）
	@$(BIN)/python -m tests.benchmark_mirror

bench-wagtail: install-development site ## 只量和 Wagtail 相比的速度（要 wrk；第一次会安装 Wagtail，约两分钟）
	@$(BIN)/python -m tests.benchmark_wagtail

bench-paper: install-development site ## 只量 PDF：排版用时和内存，50 人同时要文件时网页的速度（约三分钟）
	@PYTHONPATH=. $(BIN)/python tests/benchmark_paper.py

# Needs the PostgreSQL that system-packages looks for; two gigabytes under var/ and as much in the temporary folder.
bench-scale: install-development site ## 只量 68、11560、68000 份指南时检索、列表和生产服务器的速度（约十二分钟）
	@$(BIN)/python -m tests.benchmark_scale

format: install-development ## 整理代码和模板的格式
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djlint templates --quiet --reformat

# The smaller locks are compiled within the largest one, so that all three agree on every version.
COMPILE = $(1)/bin/uv pip compile pyproject.toml --quiet --upgrade --universal --generate-hashes \
	--no-emit-index-url --python-version 3.11 --custom-compile-command 'make lock'
WITHIN := --constraint requirements/development.txt

lock: ## 重新锁定依赖版本（requirements/）
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	$(PYTHON) -m venv "$$folder" && "$$folder/bin/pip" install --quiet uv && \
	$(call COMPILE,"$$folder") --extra production --extra development -o requirements/development.txt && \
	$(call COMPILE,"$$folder") $(WITHIN) --extra production -o requirements/production.txt && \
	$(call COMPILE,"$$folder") $(WITHIN) -o requirements/run.txt
	@$(MAKE) --silent sbom

sbom: install-development ## 由依赖锁重写软件物料清单和许可证列表（requirements/sbom.cdx.json、docs/licences.md）
	@$(BIN)/python deploy/sbom.py

clean: ## 删除虚拟环境、缓存和整理过的静态文件（不删数据库）
	rm -rf .venv var/static .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- Set-up: a virtual environment, and what the lock names, once for each change of the lock

install-run: LOCK := run
install-development: LOCK := development
install-run install-development: $(BIN)/python
	@if ! cmp -s requirements/$(LOCK).txt .venv/installed-$(LOCK).txt; then \
		echo '正在安装依赖（requirements/$(LOCK).txt），依赖不变时只装这一次…'; \
		$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/$(LOCK).txt && \
		cp requirements/$(LOCK).txt .venv/installed-$(LOCK).txt; fi

$(BIN)/python:
	@if [ -z "$(PYTHON)" ]; then \
		echo '需要 Python 3.11 或更新的版本，没有找到。请先安装，再运行 make。' >&2; \
		echo 'Python 3.11 or newer is needed and was not found (looked for python3.11 and python3).' >&2; \
		exit 1; fi
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo '无法建立虚拟环境。Debian、Ubuntu 请先运行：apt-get install python3-venv' >&2; \
		echo 'The virtual environment could not be made; on Debian and Ubuntu: apt-get install python3-venv' >&2; \
		exit 1; }
